-- bourse.to_symbol: codes of Chinese exchanges from one style to another.
\pset null NULL
SELECT style, bourse.to_symbol('600000.SH', style), bourse.to_symbol('sz.000001', style), bourse.to_symbol('BJ430047', style), bourse.to_symbol('AAPL', style)
FROM unnest('{qlib,lower,suffix,yahoo,mic,prefix,bare}'::text[]) AS style;
SELECT code, bourse.to_symbol(code) FROM unnest('{SH600000,sh600000,600000.SS,600000.ss,600000.XSHG,sh.600000,600000,000001.XSHE,300750,830799,920002,BTC-USD}'::text[]) AS code;
SELECT bourse.to_symbol(NULL), bourse.to_symbol('SH600000', NULL);
SELECT bourse.to_symbol('600000.SH', 'tushare');
SELECT bourse.to_symbol('600000.XX');
SELECT bourse.to_symbol('510300');
SELECT bourse.to_symbol(' ');
SELECT s, bourse.symbol_calendar(s), bourse.symbol_exchange(s) FROM unnest('{600000.SH,sz.000001,430047.BJSE,AAPL}'::text[]) AS s;
