package dev.weft.inference.relay.host;

import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.inference.relay.call.ListedModels;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a server with the host of its adapters, and makes the server hold the same again. The
 * server may have restarted, may serve another base or another worker, or may hold adapters of an
 * earlier run of this worker. Used by one thread at a time: the one that starts the worker, then
 * the one that looks at the server.
 */
final class ServerAgreement {
    private static final Logger LOG = LoggerFactory.getLogger(ServerAgreement.class);
    private static final String NO_BASE = "the base does not answer: ";

    private final RelayHost.Parts parts;
    private final Moves moves;
    private final Supplier<Set<RelayName>> mine;
    private final Supplier<List<RelayName>> held;

    /** Adapters that the server listed at the last look. */
    private Set<RelayName> listed = Set.of();

    /**
     * The parts that load adapters at the server and unload them, and know which ones are in doubt.
     */
    record Moves(ToldAdapters told, Doubts doubts, LeftOvers leftOvers, Comeback comeback) {}

    /** What the last look at the server found. */
    enum Seen {
        /**
         * There was none: adapters whose folder the server doesn't tell are left over from an
         * earlier run.
         */
        FIRST,
        /** The server was well. */
        WELL,
        /** The server was not well, and may have started again. */
        AFTER_TROUBLE
    }

    /**
     * @param mine adapters that the host holds, and those whose loads are under way
     * @param held those that the host holds
     */
    ServerAgreement(
            RelayHost.Parts parts,
            Moves moves,
            Supplier<Set<RelayName>> mine,
            Supplier<List<RelayName>> held) {
        this.parts = parts;
        this.moves = moves;
        this.mine = mine;
        this.held = held;
    }

    /**
     * Makes the server hold the host's adapters, and no others of Weft's: loads those that it has
     * forgotten, and unloads those that an earlier run of this worker has left. A server that
     * doesn't list its adapters has to prove them after a time away.
     *
     * @param goesOn hears that there is progress, as long as adapters are loaded
     * @return why the server can't be used; empty if it can
     */
    Optional<String> agree(ListedModels served, Seen seen, Runnable goesOn) {
        Optional<String> other =
                seen == Seen.WELL
                        ? BaseCheck.otherName(served, parts.base())
                        : isOfAnotherBase(served);
        return other.isPresent() ? other : agreeOnAdapters(served, seen, goesOn);
    }

    private Optional<String> isOfAnotherBase(ListedModels served) {
        try {
            return new BaseCheck(parts.calls(), parts.dialect(), parts.facts())
                    .trouble(served, parts.base());
        } catch (IOException e) {
            return Optional.of(NO_BASE + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private Optional<String> agreeOnAdapters(ListedModels served, Seen seen, Runnable goesOn) {
        if (!moves.told.keepLoadsOut()) {
            // the next look makes the comparison
            return seen == Seen.AFTER_TROUBLE
                    ? Optional.of("a load is under way, and what it holds is not known yet")
                    : Optional.empty();
        }
        List<RelayName> missing;
        try {
            Optional<String> trouble =
                    parts.dialect().lists() ? compare(served, seen) : Optional.empty();
            if (trouble.isPresent()) {
                return trouble;
            }
            missing = missing(served, seen);
        } finally {
            moves.told.letLoads();
        }
        try {
            return bringBack(missing, seen, goesOn);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private Optional<String> compare(ListedModels served, Seen seen) {
        Set<RelayName> mine = this.mine.get();
        for (Map.Entry<RelayName, String> other : served.adapters().entrySet()) {
            if (!mine.contains(other.getKey())
                    && !isLeftOver(other.getValue(), seen == Seen.FIRST)) {
                return Optional.of(
                        "another worker uses the server: it has loaded "
                                + other.getKey()
                                + " from "
                                + other.getValue());
            }
        }
        for (RelayName name : served.adapters().keySet()) {
            if (!mine.contains(name)) {
                unload(name, seen);
            }
        }
        giveUpUnused(served);
        Set<RelayName> before = listed;
        listed = served.adapters().keySet();
        boolean again = seen == Seen.AFTER_TROUBLE && served.adapters().isEmpty();
        return again || hasForgottenAll(before, served) ? learnAgain() : Optional.empty();
    }

    /**
     * Gives up folders that nobody uses. An adapter that the server has forgotten by itself was
     * never unloaded, so its folder would stay.
     */
    private void giveUpUnused(ListedModels served) {
        try {
            parts.folder()
                    .giveUpUnused(name ->
                            served.adapters().containsKey(name) || mine.get().contains(name));
        } catch (IOException e) {
            LOG.warn("{} can't be listed: {}", parts.folder(), e.toString());
        }
    }

    /** Unloads an adapter, and waits for it only before the worker's first requests. */
    private void unload(RelayName name, Seen seen) {
        if (seen == Seen.FIRST) {
            boolean _ = moves.told.untell(name, RelayHost.UNLOAD);
        } else {
            moves.leftOvers.unload(name);
        }
    }

    /** Whether the server must have restarted between two looks. */
    private boolean hasForgottenAll(Set<RelayName> before, ListedModels served) {
        return served.adapters().isEmpty()
                && held.get().stream()
                        .anyMatch(name -> before.contains(name) && !moves.doubts.isRefused(name));
    }

    private List<RelayName> missing(ListedModels served, Seen seen) {
        return held.get().stream().filter(name -> isMissing(name, served, seen)).toList();
    }

    /**
     * Whether an adapter has to be brought back. A listed one that has not been proven is not back.
     */
    private boolean isMissing(RelayName name, ListedModels served, Seen seen) {
        boolean gone =
                parts.dialect().lists()
                        ? !served.adapters().containsKey(name)
                        : seen == Seen.AFTER_TROUBLE;
        return gone || (seen == Seen.AFTER_TROUBLE && moves.doubts.isOpen(name));
    }

    /** Asks the base anew, since a server that has restarted may compute differently. */
    private Optional<String> learnAgain() {
        try {
            moves.told.learn();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(NO_BASE + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private boolean isLeftOver(String root, boolean starting) {
        return root.isEmpty() ? starting : parts.folder().holds(root);
    }

    /** Loads adapters again; returns why the server can't be used, or empty if it can. */
    private Optional<String> bringBack(List<RelayName> adapters, Seen seen, Runnable goesOn)
            throws InterruptedException {
        List<RelayName> names =
                adapters.stream()
                        .filter(name -> seen == Seen.AFTER_TROUBLE || !moves.doubts.isRefused(name))
                        .toList();
        names.forEach(seen == Seen.AFTER_TROUBLE ? moves.doubts::raiseAnew : moves.doubts::raise);
        return moves.comeback.bring(names, goesOn);
    }
}
