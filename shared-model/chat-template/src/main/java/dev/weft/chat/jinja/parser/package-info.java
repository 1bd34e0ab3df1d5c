/**
 * Reads a template. A lexer cuts it into tokens, and a parser for each kind of construct builds the
 * tree. One thread reads one template, and charges the budget of the reading.
 */
@NullMarked
package dev.weft.chat.jinja.parser;

import org.jspecify.annotations.NullMarked;
