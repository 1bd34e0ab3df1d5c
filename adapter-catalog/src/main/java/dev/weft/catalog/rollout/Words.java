package dev.weft.catalog.rollout;

import dev.weft.catalog.rollout.judge.Finding;
import dev.weft.catalog.rollout.judge.FindingReasons;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says for people what a rollout waits for. */
final class Words {
    private Words() {}

    /** What a rollout waits for; null if it has ended. */
    static @Nullable String waitsFor(Rollout rollout, List<Finding> findings, Instant now) {
        return switch (rollout.progress().state()) {
            case done, returned, stopped -> null;
            case paused -> "somebody who resumes it";
            case running -> {
                List<String> missing =
                        FindingReasons.missing(rollout.from(), rollout.to(), findings);
                if (now.isBefore(rollout.stepEnds())) {
                    missing.addFirst(
                            "the end of the step at "
                                    + rollout.stepEnds().truncatedTo(ChronoUnit.SECONDS));
                }
                yield missing.isEmpty() ? "its next look" : String.join(", ", missing);
            }
        };
    }
}
