package dev.weft.grammar.place;

/**
 * A place behind a token.
 *
 * @param start offset of the lexeme in the trail
 * @param length of the trail
 * @param mayEnd whether the answer may end here
 * @param ended whether an end token was the last
 */
public record Place(Position position, int start, int length, boolean mayEnd, boolean ended) {
    public static Place of(Position position, int start, int length) {
        return new Place(position, start, length, position.mayEnd(), false);
    }

    public Place end() {
        return new Place(position, start, length, false, true);
    }
}
