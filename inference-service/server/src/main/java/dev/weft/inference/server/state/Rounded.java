package dev.weft.inference.server.state;

/** Rounds the figures of a load. States that differ by less are not told anew. */
final class Rounded {
    private Rounded() {}

    static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }

    static double hundredths(double value) {
        return Math.round(value * 100) / 100.0;
    }

    static double thousandths(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
