package dev.weft.format.lora;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.protocol.adapter.Reason;
import java.util.List;

/** The outcome of checking an adapter's folder against a base model. */
public sealed interface LoraCheck {
    /**
     * The adapter fits. The warnings are for its owner. Close the adapter when done with its
     * weights.
     */
    record Accepted(LoraAdapter adapter, List<Reason> warnings) implements LoraCheck {
        public Accepted {
            warnings = List.copyOf(warnings);
        }
    }

    /** The adapter does not fit; holds every reason that could be found. */
    record Refused(List<Reason> reasons) implements LoraCheck {
        public Refused {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("refused without a reason");
            }
        }
    }
}
