/** What happens to everybody else if processes are killed or stopped, or bodies are harmful. */
@NullMarked
package dev.weft.system.chaos;

import org.jspecify.annotations.NullMarked;
