@NullMarked
package dev.weft.inference.cpu;

import org.jspecify.annotations.NullMarked;
