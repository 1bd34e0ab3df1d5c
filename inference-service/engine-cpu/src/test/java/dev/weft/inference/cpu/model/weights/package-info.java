@NullMarked
package dev.weft.inference.cpu.model.weights;

import org.jspecify.annotations.NullMarked;
