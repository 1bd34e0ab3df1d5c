/** Tests of what tenants share. */
@NullMarked
package dev.weft.inference.engine.fair;

import org.jspecify.annotations.NullMarked;
