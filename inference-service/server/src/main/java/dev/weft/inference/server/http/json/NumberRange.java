package dev.weft.inference.server.http.json;

/**
 * Numbers that a field may have; always finite.
 *
 * @param open whether the lower end is excluded
 */
public record NumberRange(double least, double most, boolean open) {
    public static NumberRange of(double least, double most) {
        return new NumberRange(least, most, false);
    }

    public static NumberRange over(double least, double most) {
        return new NumberRange(least, most, true);
    }

    boolean holds(double value) {
        return Double.isFinite(value) && value <= most && (open ? value > least : value >= least);
    }

    String text() {
        String lower = open ? "over " + plain(least) : "from " + plain(least);
        return "a number " + lower + (most == Double.MAX_VALUE ? "" : " to " + plain(most));
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
