/**
 * Reads a template: a lexer cuts it into tokens, a parser for each kind of construct makes the tree
 * of them, and names of filters, tests and methods that are not known are refused here. One thread
 * reads one template; it pays the budget of the reading.
 */
@NullMarked
package dev.weft.chat.jinja.parser;

import org.jspecify.annotations.NullMarked;
