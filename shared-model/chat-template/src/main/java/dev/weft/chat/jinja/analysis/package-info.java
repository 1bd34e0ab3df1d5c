/**
 * What is known of a template before it runs: which names each scope holds at entry, by jinja2's
 * rules, which functions it may call, and whether it reads messages in parts. It walks the tree and
 * changes nothing.
 */
@NullMarked
package dev.weft.chat.jinja.analysis;

import org.jspecify.annotations.NullMarked;
