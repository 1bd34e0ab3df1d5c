/**
 * Analyses a template before it runs: the values that each scope's names have at entry, by jinja2's
 * rules, the filters, tests and functions that are not there, and whether it reads messages in
 * parts. It walks the tree and changes nothing.
 */
@NullMarked
package dev.weft.chat.jinja.analysis;

import org.jspecify.annotations.NullMarked;
