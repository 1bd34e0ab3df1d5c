package dev.weft.standalone.bench.load;

import java.util.Arrays;

/** How requests are spread over the models; the names are those of the Punica paper. */
public sealed interface Popularity {
    /** Every model has the same chance with each request. */
    record Uniform() implements Popularity {}

    /** The k-th model, counted from 1, is asked with a chance proportional to {@code 1 / k^s}. */
    record Zipf(double s) implements Popularity {
        public Zipf {
            if (!(s > 0 && s <= 10)) {
                throw new IllegalArgumentException(
                        "'zipf:" + s + "' is not allowed: the exponent is over 0 and at most 10");
            }
        }
    }

    /** Each stream has its own model while there are enough: stream i asks model i mod models. */
    record Distinct() implements Popularity {}

    /** All requests go to the first model. */
    record Identical() implements Popularity {}

    /** Request n goes to model n mod models. */
    record Rotate() implements Popularity {}

    /** Reads {@code uniform}, {@code zipf}, {@code zipf:S}, {@code distinct} and so on. */
    static Popularity parse(String text) {
        if (text.startsWith("zipf:")) {
            try {
                return new Zipf(Double.parseDouble(text.substring("zipf:".length())));
            } catch (NumberFormatException _) {
                throw unknown(text);
            }
        }
        return switch (text) {
            case "uniform" -> new Uniform();
            case "zipf" -> new Zipf(1);
            case "distinct" -> new Distinct();
            case "identical" -> new Identical();
            case "rotate" -> new Rotate();
            default -> throw unknown(text);
        };
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException(
                "'%s' is not allowed: uniform, zipf, zipf:S, distinct, identical or rotate"
                        .formatted(text));
    }

    /** The popularity as it is written on the command line. */
    default String text() {
        return switch (this) {
            case Uniform _ -> "uniform";
            case Zipf(double s) -> "zipf:" + s;
            case Distinct _ -> "distinct";
            case Identical _ -> "identical";
            case Rotate _ -> "rotate";
        };
    }

    /** The rule for a number of models. */
    default ModelChoice among(int models) {
        if (models < 1) {
            throw new IllegalArgumentException(models + " models: at least 1 is needed");
        }
        return switch (this) {
            case Uniform _ -> (_, _, random) -> random.nextInt(models);
            case Zipf(double s) -> zipf(models, s);
            case Distinct _ -> (_, stream, _) -> stream % models;
            case Identical _ -> (_, _, _) -> 0;
            case Rotate _ -> (request, _, _) -> (int) (request % models);
        };
    }

    private static ModelChoice zipf(int models, double s) {
        double[] cumulative = new double[models];
        double sum = 0;
        for (int k = 0; k < models; k++) {
            sum += Math.pow(k + 1, -s);
            cumulative[k] = sum;
        }
        double whole = sum;
        return (_, _, random) -> {
            int at = Arrays.binarySearch(cumulative, random.nextDouble() * whole);
            return Math.min(at < 0 ? -at - 1 : at + 1, models - 1);
        };
    }
}
