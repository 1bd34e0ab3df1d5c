/**
 * Work on characters that charges the budget: text being written, searches, and the classes of
 * Unicode as Python has them. It knows no values.
 */
@NullMarked
package dev.weft.chat.jinja.characters;

import org.jspecify.annotations.NullMarked;
