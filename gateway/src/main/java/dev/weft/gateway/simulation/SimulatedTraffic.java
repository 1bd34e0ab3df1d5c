package dev.weft.gateway.simulation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Requests that come at random. Adapters are asked for by Zipf's law; besides, a burst gives a part
 * of all requests to one adapter for a minute, then to another one. Lengths are exponential. One
 * thread.
 */
final class SimulatedTraffic {
    /**
     * The shape of the traffic.
     *
     * @param requestsPerSecond in the mean
     * @param exponent of Zipf's law
     * @param burst part of the requests that goes to the adapter that is in fashion
     * @param promptTokens in the mean
     * @param answerTokens in the mean
     */
    record Shape(
            double requestsPerSecond,
            double exponent,
            double burst,
            int promptTokens,
            int answerTokens) {}

    private static final double FASHION_SECONDS = 60;

    private final Shape shape;
    private final SplittableRandom random;
    private final double[] cumulated;
    private double at;
    private double fashionUntil;
    private int fashion;

    SimulatedTraffic(Shape shape, int adapters, long seed) {
        this.shape = shape;
        this.random = new SplittableRandom(seed);
        this.cumulated = new double[adapters];
        double sum = 0;
        for (int i = 0; i < adapters; i++) {
            sum += Math.pow(i + 1, -shape.exponent);
            cumulated[i] = sum;
        }
    }

    /** The next request. */
    SimulatedRequest next() {
        at += exponential(1 / shape.requestsPerSecond);
        if (at >= fashionUntil) {
            fashionUntil = at + FASHION_SECONDS;
            fashion = random.nextInt(cumulated.length);
        }
        int adapter = random.nextDouble() < shape.burst ? fashion : popular();
        return new SimulatedRequest(
                at,
                adapter,
                1 + (int) exponential(shape.promptTokens),
                1 + (int) exponential(shape.answerTokens));
    }

    private int popular() {
        double point = random.nextDouble() * cumulated[cumulated.length - 1];
        int place = Arrays.binarySearch(cumulated, point);
        return Math.min(cumulated.length - 1, place < 0 ? -place - 1 : place);
    }

    private double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }
}
