package dev.weft.grammar.parse;

/** The owner of a body in a closure: a frame that is there, or one that is about to be made. */
sealed interface BodyOwner permits Frame, Opening {}
