/**
 * What one reading or rendering may take, held for the thread that it runs on, and the error that
 * it ends with where it takes more or Python would raise.
 */
@NullMarked
package dev.weft.chat.jinja.budget;

import org.jspecify.annotations.NullMarked;
