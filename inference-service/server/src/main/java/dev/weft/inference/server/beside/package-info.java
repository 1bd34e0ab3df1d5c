/**
 * What a deployment asks of a server beside its worker: its address or the command that starts it,
 * how many adapters it holds, and which adapters it can serve. Reads the deployment and the base's
 * files.
 */
@NullMarked
package dev.weft.inference.server.beside;

import org.jspecify.annotations.NullMarked;
