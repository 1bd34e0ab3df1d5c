package dev.weft.standalone.bench.routing;

import picocli.CommandLine.Option;

/** The options that say what is simulated. */
final class RoutingOptions {
    private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "100",
            description = "Number of workers" + DEFAULT)
    int workers;

    @Option(
            names = "--gateways",
            paramLabel = "N",
            defaultValue = "4",
            description = "Gateways before them; each sees its own requests" + DEFAULT)
    int gateways;

    @Option(
            names = "--adapters",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Number of adapters" + DEFAULT)
    int adapters;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "16",
            description = "Adapters that a worker holds at once" + DEFAULT)
    int slots;

    @Option(
            names = "--hosted",
            paramLabel = "N",
            defaultValue = "64",
            description = "Adapters that its host memory holds" + DEFAULT)
    int hosted;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "16",
            description = "Requests that it computes at once" + DEFAULT)
    int rows;

    @Option(
            names = "--load",
            paramLabel = "PART",
            defaultValue = "0.6",
            description = "Requests, as a part of what all rows could compute" + DEFAULT)
    double load;

    @Option(
            names = "--zipf",
            paramLabel = "EXPONENT",
            defaultValue = "1.0",
            description = "Zipf's exponent, by which adapters are asked for" + DEFAULT)
    double zipf;

    @Option(
            names = "--burst",
            paramLabel = "PART",
            defaultValue = "0.1",
            description =
                    "Part of the requests that goes to one adapter for a minute, then to another"
                            + DEFAULT)
    double burst;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "500",
            description = "Mean length of prompts" + DEFAULT)
    int promptTokens;

    @Option(
            names = "--answer-tokens",
            paramLabel = "N",
            defaultValue = "150",
            description = "Mean length of answers" + DEFAULT)
    int answerTokens;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "30",
            description = "Simulated time; the first fifth is not counted" + DEFAULT)
    int minutes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed gives the same figures" + DEFAULT)
    long seed;

    /** What is wrong with the options; empty if nothing is. */
    String fault() {
        if (outside(workers, 1, 10_000)) {
            return "--workers " + workers + ": allowed are 1 to 10000";
        }
        if (outside(gateways, 1, 1_000)) {
            return "--gateways " + gateways + ": allowed are 1 to 1000";
        }
        if (outside(adapters, 1, 1_000_000)) {
            return "--adapters " + adapters + ": allowed are 1 to 1000000";
        }
        if (outside(slots, 1, 100_000) || outside(hosted, 0, 1_000_000)) {
            return "--slots " + slots + ", --hosted " + hosted + ": allowed are 1 and 0 or more";
        }
        if (outside(rows, 1, 10_000)) {
            return "--rows " + rows + ": allowed are 1 to 10000";
        }
        if (!(load > 0 && load <= 2) || !(burst >= 0 && burst <= 1)) {
            return "--load " + load + ", --burst " + burst + ": allowed are 0 to 2, and 0 to 1";
        }
        if (!(zipf >= 0 && zipf <= 10)) {
            return "--zipf " + zipf + ": allowed is 0 to 10";
        }
        if (outside(promptTokens, 1, 1_000_000) || outside(answerTokens, 1, 1_000_000)) {
            return "--prompt-tokens "
                    + promptTokens
                    + ", --answer-tokens "
                    + answerTokens
                    + ": allowed are 1 to 1000000";
        }
        return outside(minutes, 1, 100_000)
                ? "--minutes " + minutes + ": allowed are 1 to 100000"
                : "";
    }

    private static boolean outside(int value, int least, int most) {
        return value < least || value > most;
    }
}
