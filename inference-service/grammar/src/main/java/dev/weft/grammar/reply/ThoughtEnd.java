package dev.weft.grammar.reply;

import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;

/**
 * How a thought ends that must not go on.
 *
 * @param within where the reply is while it thinks
 * @param mark the text that ends a thought
 * @param token the place at which the mark has to come as one added token
 * @param spelled the place at which the mark has to come in any tokens
 */
record ThoughtEnd(Spot within, String mark, Position token, Position spelled) {}
