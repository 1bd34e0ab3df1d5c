/**
 * Python's values as far as templates can see them: numbers of any size, strings counted in code
 * points, containers whose keys compare as Python's do, arguments of calls, and the functions of
 * every value: truth, str() and repr(). Values are immutable except for namespaces and iterators.
 * Values that may grow are charged to the {@link dev.weft.chat.jinja.budget.Budget} of the
 * rendering that runs on this thread.
 */
@NullMarked
package dev.weft.chat.jinja.value;

import org.jspecify.annotations.NullMarked;
