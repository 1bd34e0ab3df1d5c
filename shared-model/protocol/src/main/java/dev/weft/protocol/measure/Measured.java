package dev.weft.protocol.measure;

/**
 * What gateways measured of a version's answers.
 *
 * @param requests that were answered, or failed by Weft's fault; a client's own errors and clients
 *     that left count for neither version
 * @param failures of these, those that failed
 * @param firstToken from a request to the first event of its stream, also of streams that broke or
 *     were left after it
 * @param perToken for a stream that ended well, the time after its first event, divided by the
 *     further tokens
 */
public record Measured(long requests, long failures, Times firstToken, Times perToken) {
    /** Nothing was measured. */
    public static final Measured NONE = new Measured(0, 0, Times.NONE, Times.NONE);

    public Measured {
        if (failures < 0 || requests < failures) {
            throw new IllegalArgumentException(
                    failures + " failures of " + requests + " requests: allowed is 0 to that many");
        }
    }

    /** Both together. */
    public Measured plus(Measured other) {
        return new Measured(
                requests + other.requests,
                failures + other.failures,
                firstToken.plus(other.firstToken),
                perToken.plus(other.perToken));
    }
}
