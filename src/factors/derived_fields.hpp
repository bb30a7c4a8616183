// Fields that another evaluation gives: for another instrument, at another frequency, over the members of a universe.
// None of them sees a bar that is not closed when the row's own bar is.
#pragma once

#include <map>
#include <memory>

#include "core/interrupt.hpp"
#include "factors/panel_reader.hpp"
#include "factors/resampled_source.hpp"

namespace bourse::factors {

class DerivedFields {
public:
    // Of the reader's plan; the reader must outlive it.
    explicit DerivedFields(const PanelReader& reader);
    ~DerivedFields();

    // Computes every derived field of the plan at all rows of the panel.
    // Errors: unknown symbol, universe or field; bad_expression for a period no longer than the bars.
    void fill(Panel& panel, const CheckInterrupts& interrupts);

private:
    struct Place;
    Place& place(const Derivation& derivation);
    void from_instrument(const Derivation& derivation, Panel& panel, const CheckInterrupts& interrupts);
    void from_frequency(const Derivation& derivation, Panel& panel, const CheckInterrupts& interrupts);
    void from_periods(const Derivation& derivation, Panel& panel, const CheckInterrupts& interrupts);
    void from_functions(const Derivation& derivation, Panel& panel, const CheckInterrupts& interrupts);
    void from_members(const Derivation& derivation, Panel& panel, const CheckInterrupts& interrupts);

    const PanelReader& reader_;
    std::map<const Derivation*, std::unique_ptr<Place>> places_;
};

}  // namespace bourse::factors
