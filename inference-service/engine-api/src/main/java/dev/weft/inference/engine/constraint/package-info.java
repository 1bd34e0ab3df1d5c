/**
 * The two ways to hold an answer to a form: a constraint tests tokens, and a guide describes the
 * form for engines that have a grammar of their own.
 */
@NullMarked
package dev.weft.inference.engine.constraint;

import org.jspecify.annotations.NullMarked;
