package dev.weft.gateway.rollout.shadow.text;

/** What a version has answered, as bytes, which nobody changes. */
public final class Said {
    private final byte[] bytes;
    private final boolean stream;
    private final boolean whole;

    /**
     * An answer.
     *
     * @param stream whether it is a stream of events
     * @param whole false if more came than is kept
     */
    public Said(byte[] bytes, boolean stream, boolean whole) {
        this.bytes = bytes;
        this.stream = stream;
        this.whole = whole;
    }

    byte[] bytes() {
        return bytes;
    }

    boolean isStream() {
        return stream;
    }

    boolean isWhole() {
        return whole;
    }
}
