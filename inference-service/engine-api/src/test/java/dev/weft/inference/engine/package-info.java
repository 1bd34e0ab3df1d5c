/** What every engine's tests share: a recording listener and the contract itself. */
@NullMarked
package dev.weft.inference.engine;

import org.jspecify.annotations.NullMarked;
