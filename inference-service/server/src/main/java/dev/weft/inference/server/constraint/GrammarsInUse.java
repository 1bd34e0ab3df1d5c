package dev.weft.inference.server.constraint;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.grammar.Grammar;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The grammars that answers follow at the moment, whether they are kept for later ones or not. A
 * grammar's memory counts once for its tenant, however many answers follow it, and grows with what
 * their walks find. Any thread; one lock, held for a few additions.
 */
final class GrammarsInUse {
    private final ProcessMemory memory;
    private final Map<Grammar, Use> uses = new HashMap<>();

    /** The number of a grammar's requests, and the memory that is taken for it. */
    private static final class Use {
        final ProcessMemory.Claim claim;
        int requests;
        long taken;

        Use(ProcessMemory.Claim claim) {
            this.claim = claim;
        }

        boolean grown(Grammar grammar) {
            long more = grammar.bytes() - taken;
            if (more > 0) {
                if (!claim.more(more)) {
                    return false;
                }
                taken += more;
            }
            return true;
        }
    }

    GrammarsInUse(ProcessMemory memory) {
        this.memory = memory;
    }

    /**
     * A request begins to follow a grammar.
     *
     * @return false if there is no memory left for it; {@link #end} has to follow anyway
     */
    synchronized boolean begin(Grammar grammar, String tenant) {
        Use use = uses.computeIfAbsent(grammar, _ -> new Use(memory.claim(tenant)));
        use.requests++;
        return use.grown(grammar);
    }

    /** Takes what a grammar in use has grown by; false if there is no memory left for that. */
    synchronized boolean grown(Grammar grammar) {
        @Nullable Use use = uses.get(grammar);
        return use == null || use.grown(grammar);
    }

    /** A request no longer follows a grammar. */
    synchronized void end(Grammar grammar) {
        Use use = uses.get(grammar);
        if (use != null && --use.requests == 0) {
            use.claim.close();
            uses.remove(grammar);
        }
    }
}
