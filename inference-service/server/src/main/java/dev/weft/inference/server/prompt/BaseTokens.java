package dev.weft.inference.server.prompt;

import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that end the base's answers, and the number of its tokens.
 *
 * @param end end tokens that the checkpoint names, whether or not the model has them
 * @param rows token ids of the model are below this
 */
record BaseTokens(Set<Integer> end, int rows) {
    private static final Logger LOG = LoggerFactory.getLogger(BaseTokens.class);

    BaseTokens {
        end = Set.copyOf(end);
    }

    /**
     * Returns those end tokens that the model has. The model never produces another id, so such an
     * id, often one of a larger model or -1, ends nothing.
     *
     * @param model whose they are, for the log
     */
    Set<Integer> within(String model, Set<Integer> named) {
        Set<Integer> within = new TreeSet<>(named);
        within.removeIf(token -> token < 0 || token >= rows);
        if (within.size() < named.size()) {
            Set<Integer> beyond = new TreeSet<>(named);
            beyond.removeAll(within);
            LOG.warn(
                    "end tokens of {} that the model has no rows for are left out: {} (its tokens"
                            + " are 0 to {})",
                    model,
                    beyond,
                    rows - 1);
        }
        return within;
    }
}
