@NullMarked
package dev.weft.inference.engine.constraint;

import org.jspecify.annotations.NullMarked;
