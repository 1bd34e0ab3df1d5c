package dev.weft.grammar.parse;

/** Whom a body in a closure belongs to: a frame that is there, or one that is about to be made. */
sealed interface BodyOwner permits Frame, Opening {}
