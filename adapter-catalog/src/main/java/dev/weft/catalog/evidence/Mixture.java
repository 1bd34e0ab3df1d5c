package dev.weft.catalog.evidence;

/**
 * The beta-binomial mixture, by which a mean is tested at every moment. For observations {@code
 * x_i} in [0,1] with sum {@code s} after {@code n} of them, and a mean {@code p},
 *
 * <pre>
 * M_n(p) = B(s + 1/2, n - s + 1/2) / ( B(1/2, 1/2) p^s (1-p)^(n-s) )
 * </pre>
 *
 * <p>is the average, over means q with Jeffreys' weights, of the likelihood of q divided by that of
 * p. If p is the true mean, each of these ratios is a martingale with mean 1 for observations that
 * are 0 or 1, and a supermartingale for those between: {@code u^x v^(1-x) <= x u + (1-x) v}. So by
 * Ville's inequality the chance that {@code M_n(p)} reaches {@code 1/a} at any n whatever is at
 * most a.
 *
 * <p>Sources: J. Ville, Étude critique de la notion de collectif (1939); H. Robbins, Statistical
 * methods related to the law of the iterated logarithm, Ann. Math. Statist. 41 (1970), 1397-1409;
 * S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Time-uniform, nonparametric, nonasymptotic
 * confidence sequences, Ann. Statist. 49 (2021), 1055-1080.
 */
final class Mixture {
    private static final double LOG_BETA_OF_HALVES = Math.log(Math.PI);

    private Mixture() {}

    /**
     * The logarithm of {@code M_n(p)}; infinite if p can't be the mean.
     *
     * @param sum of the observations, 0 to n
     * @param n how many there are
     */
    static double log(double sum, double n, double p) {
        double rest = n - sum;
        return logBeta(sum + 0.5, rest + 0.5)
                - LOG_BETA_OF_HALVES
                - times(sum, Math.log(p))
                - times(rest, Math.log1p(-p));
    }

    /** The smallest of {@link #log} for the means from 0 to {@code most}. */
    static double logUpTo(double sum, double n, double most) {
        return log(sum, n, n == 0 ? most : Math.min(sum / n, most));
    }

    /**
     * A bound from below: at most {@link #logUpTo} of that sum and of every larger one. Among the
     * sums whose mean is {@code most} or less, 0 has the smallest value, by half a bit at most.
     */
    static double leastUpTo(double sum, double n, double most) {
        return sum <= n * most ? log(0, n, 0) : log(sum, n, most);
    }

    /**
     * A bound from below: at most the smallest of {@link #log} for the means from {@code least} to
     * 1, of that sum and of every smaller one.
     */
    static double leastFrom(double sum, double n, double least) {
        return leastUpTo(n - sum, n, 1 - least);
    }

    private static double times(double count, double log) {
        return count == 0 ? 0 : count * log;
    }

    private static double logBeta(double a, double b) {
        return logGamma(a) + logGamma(b) - logGamma(a + b);
    }

    /**
     * Stirling's series after the argument was raised to at least 8; from there its first four
     * terms are exact to 1e-11.
     */
    static double logGamma(double x) {
        double raised = x;
        double product = 1;
        while (raised < 8) {
            product *= raised;
            raised++;
        }
        double inverse = 1 / raised;
        double square = inverse * inverse;
        double series =
                inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
        return (raised - 0.5) * Math.log(raised)
                - raised
                + 0.5 * Math.log(2 * Math.PI)
                + series
                - Math.log(product);
    }
}
