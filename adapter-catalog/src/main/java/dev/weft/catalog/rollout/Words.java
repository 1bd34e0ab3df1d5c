package dev.weft.catalog.rollout;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says for people why a rollout returns, and what it waits for. */
final class Words {
    private Words() {}

    /**
     * Why a finding is against the new version: the bound, both figures, and how many they are of.
     */
    static String against(Rollout rollout, Finding finding) {
        Plan plan = rollout.plan();
        String figures =
                switch (finding.bound()) {
                    case errorRate ->
                            text(
                                    "%.2f %% of %d requests of %s failed, and %.2f %% of %d of %s;"
                                            + " allowed are %.2f points more",
                                    100 * finding.candidate().value(),
                                    finding.candidate().count(),
                                    rollout.to(),
                                    100 * finding.before().value(),
                                    finding.before().count(),
                                    rollout.from(),
                                    100 * finding.allowed());
                    case firstToken, timePerToken ->
                            text(
                                    "%.0f %% of %d streams of %s take up to %.4f s, and of %d of %s"
                                            + " up to %.4f s; allowed is %.2f times that",
                                    100 * plan.quantile(),
                                    finding.candidate().count(),
                                    rollout.to(),
                                    finding.candidate().value(),
                                    finding.before().count(),
                                    rollout.from(),
                                    finding.before().value(),
                                    finding.allowed());
                    case score ->
                            text(
                                    "the mean of %d scores of %s is %.3f, and of %d of %s %.3f;"
                                            + " allowed is %.3f less",
                                    finding.candidate().count(),
                                    rollout.to(),
                                    finding.candidate().value(),
                                    finding.before().count(),
                                    rollout.from(),
                                    finding.before().value(),
                                    finding.allowed());
                };
        return finding.bound()
                + ": "
                + figures
                + text(" (p = %.2g, alpha %s)", finding.chance(), plan.alpha());
    }

    /** What a rollout waits for; null if it has ended. */
    static @Nullable String waitsFor(Rollout rollout, List<Finding> findings, Instant now) {
        return switch (rollout.progress().state()) {
            case done, returned, stopped -> null;
            case paused -> "somebody who resumes it";
            case running -> {
                List<String> missing = missing(rollout, findings);
                if (now.isBefore(rollout.stepEnds())) {
                    missing.addFirst(
                            "the end of the step at "
                                    + rollout.stepEnds().truncatedTo(ChronoUnit.SECONDS));
                }
                yield missing.isEmpty() ? "its next look" : String.join(", ", missing);
            }
        };
    }

    private static List<String> missing(Rollout rollout, List<Finding> findings) {
        List<String> missing = new ArrayList<>();
        for (Finding finding : findings) {
            add(missing, finding, finding.before(), rollout.from());
            add(missing, finding, finding.candidate(), rollout.to());
        }
        return missing;
    }

    private static void add(
            List<String> missing, Finding finding, Finding.Figure figure, RolledVersion version) {
        if (figure.count() < finding.needed()) {
            String what =
                    switch (finding.bound()) {
                        case errorRate -> "requests";
                        case firstToken, timePerToken -> "streams";
                        case score -> "scores";
                    };
            missing.add(
                    text(
                            "%s of %s (%d of %d for %s)",
                            what, version, figure.count(), finding.needed(), finding.bound()));
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // private, and all callers are above
    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
