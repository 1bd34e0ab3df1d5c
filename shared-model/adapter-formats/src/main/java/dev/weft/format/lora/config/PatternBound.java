package dev.weft.format.lora.config;

/**
 * How much the expressions of one adapter_config.json may hold together: more would take the memory
 * and the time of others. For one thread.
 */
final class PatternBound {
    /** More than a model of 60 layers with 128 experts has projections. */
    static final int MOST = 30_000;

    /** Of expressions as they are compiled. */
    static final int MOST_CHARACTERS = 2 << 20;

    private int count;
    private long characters;

    /** Whether one more is within the bound. */
    boolean takes(PythonPattern pattern) {
        count++;
        characters += pattern.size();
        return count <= MOST && characters <= MOST_CHARACTERS;
    }
}
