package dev.weft.inference.relay.splice;

/** Lines of an event stream, which end with a line feed, a carriage return or both. */
final class EventLines {
    private EventLines() {}

    /**
     * Index of the byte that ends the line at {@code from}; {@code limit} if no byte before that
     * does.
     */
    static int end(byte[] bytes, int from, int limit) {
        int at = from;
        while (at < limit && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    /** Index of the next line behind the byte that ends one. */
    static int next(byte[] bytes, int end, int limit) {
        if (end >= limit) {
            return limit;
        }
        boolean pair = bytes[end] == '\r' && end + 1 < limit && bytes[end + 1] == '\n';
        return end + (pair ? 2 : 1);
    }
}
