package dev.weft.format.decoder;

/**
 * The rotary embedding of positions.
 *
 * @param theta base of the frequencies
 * @param size elements of a head that are turned, from the first on; even
 * @param factor that cosines and sines are multiplied by
 * @param pairs which elements turn together
 */
public record RopePlan(double theta, int size, RopeScaling scaling, float factor, Pairs pairs) {
    /** The elements of a head that turn together. */
    public enum Pairs {
        /** {@code i} and {@code size / 2 + i}. */
        HALVES,
        /** {@code 2 i} and {@code 2 i + 1}. */
        NEIGHBOURS
    }

    /** See {@link DecoderPlan#stretchesBeyond()}. */
    public int stretchesBeyond() {
        return scaling instanceof RopeScaling.LongRope stretched
                ? stretched.originalMaxPositions()
                : Integer.MAX_VALUE;
    }
}
