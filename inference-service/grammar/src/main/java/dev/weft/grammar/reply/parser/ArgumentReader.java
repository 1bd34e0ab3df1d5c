package dev.weft.grammar.reply.parser;

/** Reads the arguments of one call, and writes them as JSON. */
interface ArgumentReader {
    /**
     * Takes as much of a text as is certain.
     *
     * @param out the JSON that came of it
     * @return offset behind what was taken
     */
    int read(CharSequence in, int from, StringBuilder out);

    /** Whether the arguments are over. */
    boolean done();
}
