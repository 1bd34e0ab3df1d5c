/**
 * The budget of one reading or rendering, which belongs to the thread that it runs on, and the
 * error that ends it if it takes more or Python would raise.
 */
@NullMarked
package dev.weft.chat.jinja.budget;

import org.jspecify.annotations.NullMarked;
