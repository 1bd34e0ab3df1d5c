package dev.weft.catalog.rollout.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says for people why findings are against a version, and what observations they lack. */
public final class FindingReasons {
    private FindingReasons() {}

    /**
     * Why a finding is against the new version: the bound, both figures, and how many they are of.
     *
     * @param from the version before
     * @param to the new version
     */
    public static String against(
            Criteria criteria, RolledVersion from, RolledVersion to, Finding finding) {
        String figures =
                switch (finding.bound()) {
                    case errorRate ->
                            text(
                                    "%.2f %% of %d requests of %s failed, and %.2f %% of %d of %s;"
                                            + " allowed are %.2f points more",
                                    100 * finding.candidate().value(),
                                    finding.candidate().count(),
                                    to,
                                    100 * finding.before().value(),
                                    finding.before().count(),
                                    from,
                                    100 * finding.allowed());
                    case firstToken, timePerToken ->
                            text(
                                    "%.0f %% of %d streams of %s take up to %.4f s, and of %d of %s"
                                            + " up to %.4f s; allowed is %.2f times that",
                                    100 * criteria.quantile(),
                                    finding.candidate().count(),
                                    to,
                                    finding.candidate().value(),
                                    finding.before().count(),
                                    from,
                                    finding.before().value(),
                                    finding.allowed());
                    case score ->
                            text(
                                    "the mean of %d scores of %s is %.3f, and of %d of %s %.3f;"
                                            + " allowed is %.3f less",
                                    finding.candidate().count(),
                                    to,
                                    finding.candidate().value(),
                                    finding.before().count(),
                                    from,
                                    finding.before().value(),
                                    finding.allowed());
                };
        return finding.bound()
                + ": "
                + figures
                + text(" (p = %.2g, alpha %s)", finding.chance(), criteria.alpha());
    }

    /** The observations that are missing. */
    public static List<String> missing(
            RolledVersion from, RolledVersion to, List<Finding> findings) {
        List<String> missing = new ArrayList<>();
        for (Finding finding : findings) {
            add(missing, finding, finding.before(), from);
            add(missing, finding, finding.candidate(), to);
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
