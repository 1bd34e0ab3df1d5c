/**
 * {@code bench}: a load generator for any server with OpenAI's interface, and synthetic adapters to
 * load it with. Standard output has the figures, standard error the progress.
 */
@NullMarked
package dev.weft.standalone.bench;

import org.jspecify.annotations.NullMarked;
