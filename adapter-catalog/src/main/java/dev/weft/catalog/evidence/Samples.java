package dev.weft.catalog.evidence;

/** How the observations of two versions belong together. */
public enum Samples {
    /** They are of different requests: the product of what both say is evidence. */
    INDEPENDENT {
        @Override
        double together(double before, double candidate) {
            return before + candidate;
        }
    },
    /**
     * Both versions answered the same requests, so that one observation may say something about the
     * other. Only the mean of both pieces of evidence is evidence then, however they depend on each
     * other (V. Vovk, R. Wang, E-values: calibration, combination and applications, Ann. Statist.
     * 49 (2021), 1736-1754).
     */
    PAIRED {
        @Override
        double together(double before, double candidate) {
            double larger = Math.max(before, candidate);
            double smaller = Math.min(before, candidate);
            return larger == Double.POSITIVE_INFINITY
                    ? larger
                    : larger + Math.log1p(Math.exp(smaller - larger)) - Math.log(2);
        }
    };

    /** Puts two logarithms of evidence together. It is convex in both, and grows with each. */
    abstract double together(double before, double candidate);
}
