/**
 * The budget of one reading or rendering, which belongs to the thread that it runs on, and the
 * error that ends it if the budget is spent or Python would raise.
 */
@NullMarked
package dev.weft.chat.jinja.budget;

import org.jspecify.annotations.NullMarked;
