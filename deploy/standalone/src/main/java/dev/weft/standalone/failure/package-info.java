/** How a command says that it failed: one sentence for a person, no stack trace. */
@NullMarked
package dev.weft.standalone.failure;

import org.jspecify.annotations.NullMarked;
