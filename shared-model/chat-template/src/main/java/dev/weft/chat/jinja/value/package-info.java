/**
 * Python's values and operators as far as templates can see them: numbers of any size, strings
 * counted in code points, containers, formatting, comparison and JSON. Values are immutable but for
 * namespaces and iterators; what may grow is charged to the {@link
 * dev.weft.chat.jinja.value.Budget} of the rendering that runs on this thread.
 */
@NullMarked
package dev.weft.chat.jinja.value;

import org.jspecify.annotations.NullMarked;
