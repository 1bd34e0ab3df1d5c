package dev.weft.inference.cpu.kernel.team;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processors of a team's members.
 *
 * @param processors by member; empty if members are not bound
 */
record PinnedProcessors(Optional<Affinity> affinity, List<Integer> processors) {
    private static final Logger LOG = LoggerFactory.getLogger(PinnedProcessors.class);

    static final PinnedProcessors NONE = new PinnedProcessors(Optional.empty(), List.of());

    PinnedProcessors {
        processors = List.copyOf(processors);
    }

    /** A processor for each of so many members; none if there are fewer. */
    static PinnedProcessors of(int members) {
        Optional<Affinity> affinity = Affinity.find();
        if (affinity.isEmpty()) {
            LOG.warn("The engine's threads are not pinned: this system has no call for it");
            return NONE;
        }
        List<Integer> processors = affinity.get().processors();
        if (processors.size() < members) {
            LOG.warn(
                    "The engine's threads are not pinned: there are {}, and {} processors that this"
                            + " process may use",
                    members,
                    processors.size());
            return NONE;
        }
        List<Integer> taken = processors.subList(0, members);
        LOG.info(
                "The engine's threads are pinned to processors {}; {} is left to the one that"
                        + " starts steps",
                taken.subList(1, members),
                taken.getFirst());
        return new PinnedProcessors(affinity, taken);
    }

    /** Binds the calling thread, which is that member. */
    void bind(int member) {
        if (affinity.isPresent() && !affinity.get().bind(processors.get(member))) {
            LOG.warn(
                    "Thread {} of the engine is not pinned: the system refuses processor {}",
                    member,
                    processors.get(member));
        }
    }
}
