"""Fourteen factors for Qlib's published task. Its page (README, "Data Server") says how many there were, not which: these
are the five of the example of D.features, the MACD of "Building Formulaic Alphas", and eight of Alpha158 over 20 days."""
DIF = "(EMA($close,12)-EMA($close,26))/$close"
FACTORS = [
    "$close", "$volume", "Ref($close,1)", "Mean($close,3)", "$high-$low",
    f"2*({DIF}-EMA({DIF},9))",
    "Ref($close,20)/$close", "Mean($close,20)/$close", "Std($close,20)/$close", "Slope($close,20)/$close",
    "Rsquare($close,20)", "Max($high,20)/$close", "Quantile($close,20,0.8)/$close", "Corr($close,Log($volume+1),20)",
]
