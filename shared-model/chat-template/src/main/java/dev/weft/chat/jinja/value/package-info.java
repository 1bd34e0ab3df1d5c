/**
 * Python's values as far as templates can see them: numbers of any size, strings counted in code
 * points, containers with keys that compare as Python's do, arguments of calls, and what every
 * value has: truth, str() and repr(). Values are immutable but for namespaces and iterators; what
 * may grow is charged to the {@link dev.weft.chat.jinja.budget.Budget} of the rendering that runs
 * on this thread.
 */
@NullMarked
package dev.weft.chat.jinja.value;

import org.jspecify.annotations.NullMarked;
