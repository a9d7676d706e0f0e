<?php

// Starts to record a view of a phone call. Needs PHP 8 with the extension curl.

$url = getenv('UAPI_URL');
$token = getenv('UAPI_TOKEN');
$user = '12';
$extension = '0003*210';
$phoneCall = 'b817d2618fe6f1804333';
$view = '01';

$request = curl_init("$url/phoneCalls/$user/$extension/$phoneCall");
curl_setopt_array($request, [
    CURLOPT_CUSTOMREQUEST => 'PUT',
    CURLOPT_HTTPHEADER => ["Authorization: Bearer $token", 'Content-Type: application/json'],
    CURLOPT_POSTFIELDS => json_encode(['action' => 'StartRecording', 'format' => 'wav', 'phoneCallViewId' => $view]),
    CURLOPT_RETURNTRANSFER => true,
]);
$body = curl_exec($request);
if ($body === false) {
    fwrite(STDERR, curl_error($request) . "\n");
    exit(1);
}
$answer = json_decode($body);
if (curl_getinfo($request, CURLINFO_RESPONSE_CODE) >= 400) {
    fwrite(STDERR, "{$answer->error->code}: {$answer->error->message}\n");
    exit(1);
}

if ($answer === null) {
    fwrite(STDERR, "the phone call has ended\n");
    exit(1);
}
foreach ($answer->phoneCallView as $view) {
    if (isset($view->recording)) {
        echo "view {$view->id}: recorded since {$view->recording}\n";
    }
}
