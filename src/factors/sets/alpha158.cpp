// Alpha158: 9 shapes of the bar, 4 prices, 29 rolling families over 5 windows.
#include <array>

#include "factors/sets/built_in_sets.hpp"

namespace bourse::factors {
namespace {

constexpr std::array<int, 5> windows{5, 10, 20, 30, 60};

// {d} stands for the window.
struct Family {
    const char* name;
    const char* expression;
};

constexpr std::array<Family, 13> of_the_bar{{{"KMID", "($close-$open)/$open"},
                                             {"KLEN", "($high-$low)/$open"},
                                             {"KMID2", "($close-$open)/($high-$low+1e-12)"},
                                             {"KUP", "($high-Greater($open,$close))/$open"},
                                             {"KUP2", "($high-Greater($open,$close))/($high-$low+1e-12)"},
                                             {"KLOW", "(Less($open,$close)-$low)/$open"},
                                             {"KLOW2", "(Less($open,$close)-$low)/($high-$low+1e-12)"},
                                             {"KSFT", "(2*$close-$high-$low)/$open"},
                                             {"KSFT2", "(2*$close-$high-$low)/($high-$low+1e-12)"},
                                             {"OPEN0", "$open/$close"},
                                             {"HIGH0", "$high/$close"},
                                             {"LOW0", "$low/$close"},
                                             {"VWAP0", "$vwap/$close"}}};

constexpr std::array<Family, 29> rolling{
    {{"ROC", "Ref($close,{d})/$close"},
     {"MA", "Mean($close,{d})/$close"},
     {"STD", "Std($close,{d})/$close"},
     {"BETA", "Slope($close,{d})/$close"},
     {"RSQR", "Rsquare($close,{d})"},
     {"RESI", "Resi($close,{d})/$close"},
     {"MAX", "Max($high,{d})/$close"},
     {"MIN", "Min($low,{d})/$close"},
     {"QTLU", "Quantile($close,{d},0.8)/$close"},
     {"QTLD", "Quantile($close,{d},0.2)/$close"},
     {"RANK", "Rank($close,{d})"},
     {"RSV", "($close-Min($low,{d}))/(Max($high,{d})-Min($low,{d})+1e-12)"},
     {"IMAX", "IdxMax($high,{d})/{d}"},
     {"IMIN", "IdxMin($low,{d})/{d}"},
     {"IMXD", "(IdxMax($high,{d})-IdxMin($low,{d}))/{d}"},
     {"CORR", "Corr($close,Log($volume+1),{d})"},
     {"CORD", "Corr($close/Ref($close,1),Log($volume/Ref($volume,1)+1),{d})"},
     {"CNTP", "Mean($close>Ref($close,1),{d})"},
     {"CNTN", "Mean($close<Ref($close,1),{d})"},
     {"CNTD", "Mean($close>Ref($close,1),{d})-Mean($close<Ref($close,1),{d})"},
     {"SUMP", "Sum(Greater($close-Ref($close,1),0),{d})/(Sum(Abs($close-Ref($close,1)),{d})+1e-12)"},
     {"SUMN", "Sum(Greater(Ref($close,1)-$close,0),{d})/(Sum(Abs($close-Ref($close,1)),{d})+1e-12)"},
     {"SUMD",
      "(Sum(Greater($close-Ref($close,1),0),{d})-Sum(Greater(Ref($close,1)-$close,0),{d}))/"
      "(Sum(Abs($close-Ref($close,1)),{d})+1e-12)"},
     {"VMA", "Mean($volume,{d})/($volume+1e-12)"},
     {"VSTD", "Std($volume,{d})/($volume+1e-12)"},
     {"WVMA", "Std(Abs($close/Ref($close,1)-1)*$volume,{d})/(Mean(Abs($close/Ref($close,1)-1)*$volume,{d})+1e-12)"},
     {"VSUMP", "Sum(Greater($volume-Ref($volume,1),0),{d})/(Sum(Abs($volume-Ref($volume,1)),{d})+1e-12)"},
     {"VSUMN", "Sum(Greater(Ref($volume,1)-$volume,0),{d})/(Sum(Abs($volume-Ref($volume,1)),{d})+1e-12)"},
     {"VSUMD",
      "(Sum(Greater($volume-Ref($volume,1),0),{d})-Sum(Greater(Ref($volume,1)-$volume,0),{d}))/"
      "(Sum(Abs($volume-Ref($volume,1)),{d})+1e-12)"}}};

std::string with_window(std::string text, const std::string& window) {
    for (std::size_t at; (at = text.find("{d}")) != std::string::npos;) text.replace(at, 3, window);
    return text;
}

}  // namespace

std::vector<NamedExpression> alpha158() {
    std::vector<NamedExpression> set;
    for (const auto& family : of_the_bar) set.push_back({family.name, family.expression});
    for (const auto& family : rolling)
        for (const int window : windows) {
            const auto d = std::to_string(window);
            set.push_back({family.name + d, with_window(family.expression, d)});
        }
    return set;
}

}  // namespace bourse::factors
