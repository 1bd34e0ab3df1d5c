/**
 * What holds an answer to a form: a constraint that tests tokens, and a guide in words for engines
 * that have a grammar of their own.
 */
@NullMarked
package dev.weft.inference.engine.constraint;

import org.jspecify.annotations.NullMarked;
