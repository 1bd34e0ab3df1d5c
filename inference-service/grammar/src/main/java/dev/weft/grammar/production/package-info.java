/**
 * Context-free grammars over the bytes of a text: rules whose bodies are made of byte expressions,
 * calls, choices and repetitions. Knows no notation. Immutable.
 */
@NullMarked
package dev.weft.grammar.production;

import org.jspecify.annotations.NullMarked;
