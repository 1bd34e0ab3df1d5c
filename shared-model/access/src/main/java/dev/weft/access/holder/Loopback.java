package dev.weft.access.holder;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Recognises addresses that only this machine reaches. */
public final class Loopback {
    private Loopback() {}

    /** True if a listener at that address can be reached from this machine only. */
    public static boolean is(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // listening on it will fail with an error
        }
    }
}
