package dev.weft.format.decoder;

/**
 * {@code x / sqrt(mean(x^2) + epsilon) * w}.
 *
 * @param name of its tensor, without {@code .weight}; within the layer if it has one
 * @param plusOne whether the tensor holds {@code w - 1}
 */
public record NormPlan(String name, float epsilon, boolean plusOne) {
    /** A norm whose tensor holds its weights. */
    public static NormPlan plain(String name, float epsilon) {
        return new NormPlan(name, epsilon, false);
    }
}
