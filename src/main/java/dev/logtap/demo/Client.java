package dev.logtap.demo;

/** Who asks the shop for something. */
record Client(String address, String agent) {}
