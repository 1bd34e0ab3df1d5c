/**
 * The global functions of templates and the objects that they make: namespaces, cyclers and
 * joiners, which belong to one rendering.
 */
@NullMarked
package dev.weft.chat.jinja.builtin.global;

import org.jspecify.annotations.NullMarked;
