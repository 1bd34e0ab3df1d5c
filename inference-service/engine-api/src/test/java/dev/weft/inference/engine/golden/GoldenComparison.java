package dev.weft.inference.engine.golden;

import dev.weft.inference.engine.TokenEvent;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Compares answers with goldens token by token, as far as they agree. */
public final class GoldenComparison {
    private final double nearTie;
    private int equal;
    private int near;
    private int wide;
    private double widest;
    private double sum;
    private int steps;

    /** A comparison without goldens; partings at smaller margins are near ties. */
    public GoldenComparison(double nearTie) {
        this.nearTie = nearTie;
    }

    /** Adds a golden: its {@code tokens}, and the best ones of each step as {@code top}. */
    public void add(JsonNode golden, List<TokenEvent> answer) {
        add(golden.path("tokens"), golden.path("top"), answer);
    }

    /**
     * Adds a golden.
     *
     * @param best for each token the best ones, each with its log-probability
     */
    public void add(JsonNode tokens, JsonNode best, List<TokenEvent> answer) {
        for (int i = 0; i < tokens.size(); i++) {
            JsonNode top = best.path(i);
            double expected = top.path(0).path(1).asDouble();
            if (i >= answer.size()) {
                part(Double.POSITIVE_INFINITY);
                return;
            }
            if (answer.get(i).token() != tokens.path(i).asInt()) {
                part(expected - top.path(1).path(1).asDouble());
                return;
            }
            sum += Math.abs(answer.get(i).logProbability() - expected);
            steps++;
        }
        equal++;
    }

    private void part(double margin) {
        widest = Math.max(widest, margin);
        if (margin < nearTie) {
            near++;
        } else {
            wide++;
        }
    }

    /** Goldens that are equal to the end. */
    public int equal() {
        return equal;
    }

    /** Goldens that part at a near tie. */
    public int near() {
        return near;
    }

    /** Goldens that part at another place. */
    public int wide() {
        return wide;
    }

    /** The widest margin at which one parts. */
    public double widest() {
        return widest;
    }

    /** Mean difference of the log-probabilities of all tokens that agree. */
    public double mean() {
        return steps == 0 ? Double.POSITIVE_INFINITY : sum / steps;
    }

    @Override
    public String toString() {
        return "%d equal, %d part at near ties, %d elsewhere, the widest margin %.3f, mean difference %.4f over %d tokens"
                .formatted(equal, near, wide, widest, mean(), steps);
    }
}
